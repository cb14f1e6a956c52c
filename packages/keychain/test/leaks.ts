// Looks for a secret in text, in the forms in which JavaScript prints bytes. Whitespace is ignored.

/** Forms in which any few successive bytes can be recognized. */
const forms: ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString('hex'),
  (bytes) => bytes.join(','),
  (bytes) => bytes.toString('latin1'),
]

/** Forms that depend on where the bytes stand, so that only the first ones of a secret are recognized. */
const leadingForms: ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString('base64'),
  (bytes) => bytes.toString('base64url'),
  (bytes) => JSON.stringify({ ...bytes }).slice(1, -1),
]

const WINDOW = 6 // bytes; a multiple of 3, so that base64 has no padding

/** Whether six successive bytes of the secret can be read from the text. */
export function leaks(text: string, secret: Uint8Array): boolean {
  const bytes = Buffer.from(secret)
  const printed = squeeze(text)
  const has = (form: (bytes: Buffer) => string, start: number) =>
    printed.includes(squeeze(form(bytes.subarray(start, start + WINDOW))))

  if (leadingForms.some((form) => has(form, 0))) return true
  const starts = Array.from({ length: bytes.length - WINDOW + 1 }, (_, start) => start)
  return starts.some((start) => forms.some((form) => has(form, start)))
}

function squeeze(text: string): string {
  return text.replace(/\s/g, '')
}

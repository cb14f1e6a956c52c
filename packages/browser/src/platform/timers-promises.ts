// The part of `node:timers/promises` that the store uses.

export function setTimeout<T>(
  delay: number,
  value: T,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const cancel = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', cancel)
      resolve(value)
    }, delay)
    signal?.addEventListener('abort', cancel, { once: true })
  })
}

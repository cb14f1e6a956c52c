// Conversions that several tests share.
export const toBytes = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? Buffer.from(value) : value

export const hex = (value: string | Uint8Array): string => Buffer.from(toBytes(value)).toString('hex')

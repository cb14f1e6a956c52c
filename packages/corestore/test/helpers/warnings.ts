// Warnings of the process.

/** Waits for the next warning of the process with that message. */
export function nextWarning(message: string): Promise<Error> {
  return new Promise((resolve) => {
    const listener = (warning: Error) => {
      if (warning.message !== message) return
      process.off('warning', listener)
      resolve(warning)
    }
    process.on('warning', listener)
  })
}

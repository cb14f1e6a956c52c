// Two sequences as one.

/** Yields the values of both as they come, until `first` ends. */
export async function* merged<T>(
  first: AsyncGenerator<T, void, undefined>,
  second: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const next = async (from: typeof first) => ({ from, result: await from.next() })
  const pending = new Map([first, second].map((from) => [from, next(from)]))
  try {
    while (pending.has(first)) {
      const { from, result } = await Promise.race(pending.values())
      if (result.done === true) pending.delete(from)
      else {
        pending.set(from, next(from))
        yield result.value
      }
    }
  } finally {
    for (const [from, last] of pending) {
      last.catch(() => {}) // it is not waited for
      from.return().catch(() => {})
    }
  }
}

// A promise, and the function that resolves it. Node.js 20 does not have `Promise.withResolvers`.

export function newPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

// The platform's own. On Bare, which has none, `#abort-controller` is the package bare-abort-controller.

const { AbortController } = globalThis

export { AbortController }

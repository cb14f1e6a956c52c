// The part of `which-runtime` that the store uses.

export const isAndroid = false

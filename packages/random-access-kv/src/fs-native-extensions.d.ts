// The part of fs-native-extensions, which has no types, that file.ts uses.
declare module 'fs-native-extensions' {
  const fsx: { tryLock(fd: number, options: { shared: boolean }): boolean }
  export default fsx
}

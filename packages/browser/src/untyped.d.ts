declare module 'hypercore-storage/lib/view.js' {
  class View {
    readonly changes: unknown
    static flush(changes: unknown, database: object): Promise<boolean>
  }
  export default View
}

declare module 'hypercore-storage/lib/tx.js' {
  import type View from 'hypercore-storage/lib/view.js'

  export class CorestoreTX {
    constructor(view: View)
    setHead(head: object): void
    apply(): void
  }
}

// A terminal as an emulator shows it: `showTop` writes to it, and the test presses keys and reads the screen.

import { PassThrough, Writable } from 'node:stream'
import xterm from '@xterm/headless'

export class Emulator {
  readonly #xterm: InstanceType<typeof xterm.Terminal>
  readonly #keys = Object.assign(new PassThrough(), {
    isRaw: false,
    setRawMode: (isRaw: boolean) => {
      this.#keys.isRaw = isRaw
    },
  })
  readonly #output: Writable & { columns: number; rows: number }
  /** All that was written. */
  written = ''
  #onwrite = () => {}

  constructor(columns = 100, rows = 30) {
    this.#xterm = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    const output = new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        this.written += text
        this.#xterm.write(text, () => this.#onwrite())
        done()
      },
    })
    this.#output = Object.assign(output, { columns, rows })
  }

  get streams() {
    return { input: this.#keys, output: this.#output }
  }

  get isRaw(): boolean {
    return this.#keys.isRaw
  }

  get isAlternate(): boolean {
    return this.#xterm.buffer.active.type === 'alternate'
  }

  /** The lines of the screen. */
  get lines(): string[] {
    const { active } = this.#xterm.buffer
    return Array.from(
      { length: this.#output.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    )
  }

  get text(): string {
    return this.lines.join('\n')
  }

  /** The lines that were written, and where. */
  get drawn(): { readonly row: number; readonly text: string }[] {
    return this.written.split('\x1b[').reduce<{ row: number; text: string }[]>((lines, part) => {
      const [, row, text = ''] = /^(\d+);1H(.*)$/s.exec(part) ?? []
      const last = lines.at(-1)
      if (row !== undefined) lines.push({ row: Number(row), text })
      else if (last !== undefined) last.text += /^[\d;]*m(.*)$/s.exec(part)?.[1] ?? ''
      return lines
    }, [])
  }

  press(keys: string): void {
    this.#keys.write(keys)
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows)
    Object.assign(this.#output, { columns, rows })
    this.#output.emit('resize')
  }

  /** Waits until the screen shows something. */
  async until(holds: (text: string) => boolean): Promise<void> {
    while (!holds(this.text)) {
      await new Promise<void>((resolve) => {
        this.#onwrite = resolve
      })
    }
  }
}

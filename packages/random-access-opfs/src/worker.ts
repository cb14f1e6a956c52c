/**
 * The worker that opens a file for a page. `opfsStorage` starts it automatically, as a `blob:` worker. If the content security policy of
 * the page forbids that, start a worker from this module in the option `worker`.
 *
 * @module
 */
import type { Port } from './platform.js'
import { serve } from './serve.js'

serve(globalThis as unknown as Port)

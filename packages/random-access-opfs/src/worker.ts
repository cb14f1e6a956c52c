/**
 * The program of the worker that has a file open for a page. `opfsStorage` starts it by itself, from its source. A page whose content
 * security policy allows no workers of that kind (`blob:`) makes the worker of this module, with the option `worker`.
 *
 * @module
 */
import type { Port } from './platform.js'
import { serve } from './serve.js'

serve(globalThis as unknown as Port)

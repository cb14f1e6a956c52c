// Registers the hooks for the mutation that the environment names, as JSON.

import { register } from 'node:module'

const { file, pattern, replacement } = JSON.parse(process.env.SIMULATION_MUTATION ?? '')
register('./hooks.js', import.meta.url, { data: { file, pattern: new RegExp(pattern), replacement } })

// The page needs no plugin for the store: this only says where its files are.

import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/page',
  base: './',
  build: { outDir: '../../dist/page', emptyOutDir: true },
})

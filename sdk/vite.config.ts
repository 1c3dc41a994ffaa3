import { defineConfig } from 'vite'

// One file, with the Worker's side in it: whoever serves it serves all. Not
// Vite's library mode, which leaves the blanks in ES modules.
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    minify: true,
    sourcemap: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { 'ingam-wallet': 'src/index.ts' },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})

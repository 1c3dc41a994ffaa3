import { defineConfig } from 'vite'

// One file, with the Worker's side in it: whoever serves it serves all.
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'ingam-wallet.js' },
    minify: true,
    sourcemap: false,
    reportCompressedSize: false,
  },
})

import { defineConfig } from 'vite'

// The service worker, by itself: a classic script in one file.
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: '../assets/built',
    emptyOutDir: false, // the elements are there
    minify: true,
    sourcemap: false,
    reportCompressedSize: false,
    lib: { entry: 'src/sw.ts', formats: ['iife'], name: 'sw', fileName: () => 'sw.js' },
  },
})

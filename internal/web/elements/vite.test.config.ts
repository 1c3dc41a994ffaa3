import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// For tests in Node: what needs no page, each module under its own name, with
// its imports bundled in where they are shared.
const src = fileURLToPath(new URL('src/', import.meta.url))

const modules = Object.fromEntries(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file.slice(0, -3), src + file]),
)

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: '.build',
    emptyOutDir: true,
    minify: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: modules,
      preserveEntrySignatures: 'strict',
      external: ['@ingam/wallet', 'lit', /^lit\//, '@simplewebauthn/browser', 'qr'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js' },
    },
  },
})

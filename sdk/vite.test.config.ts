import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// For tests in Node: each module of src/ becomes a module of .build/, under the
// same name. Nothing is bundled, so a test sees what the source exports.
const src = fileURLToPath(new URL('src/', import.meta.url))

const modules = Object.fromEntries(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => [file.slice(0, -3), src + file]),
)

export default defineConfig({
  publicDir: false,
  plugins: [
    {
      name: 'each module alone',
      enforce: 'pre',
      resolveId(source, importer) {
        if (!importer || !source.startsWith('.')) return null
        return { id: source.replace(/\.(ts|js)$/, '') + '.js', external: true }
      },
    },
  ],
  build: {
    target: 'es2022',
    outDir: '.build',
    emptyOutDir: false, // tests of other files may be reading
    minify: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: modules,
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})

import { defineConfig } from 'vite'

// One entry for each sort of page, so that a page loads what it needs. Names
// carry no hash: the server puts one for all files into their path.
export default defineConfig({
  publicDir: false,
  plugins: [
    {
      // A page names what it loads; Vite's helper, which adds links for what is
      // loaded later, would be of no use here.
      name: 'no preloading',
      enforce: 'pre',
      load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load()' : null),
    },
  ],
  build: {
    target: 'es2022',
    outDir: '../assets/built',
    emptyOutDir: true,
    minify: true,
    sourcemap: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: {
        frame: 'src/frame.ts',
        console: 'src/console.ts',
        'console-case': 'src/console-case.ts',
        'console-login': 'src/console-login.ts',
        apply: 'src/apply.ts',
        login: 'src/login.ts',
        wallet: 'src/wallet.ts',
        sign: 'src/sign.ts',
        passkeys: 'src/passkeys.ts',
        branches: 'src/branches.ts',
        redeem: 'src/redeem.ts',
        gallery: 'src/gallery.ts',
      },
      external: ['@ingam/wallet'],
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'shared-[name].js',
        // What every page needs is one file.
        codeSplitting: {
          groups: [
            { name: 'base', test: /node_modules\/(lit|@lit|lit-)|src\/(api|base|say|format|notice|trouble|problem|inside)\.ts|preload-helper/ },
            { name: 'open', test: /src\/wallet\/(open|act|card)\.ts/ }, // of all pages that have to do with the wallet
          ],
        },
        paths: { '@ingam/wallet': './ingam-wallet.js' },
      },
    },
  },
})

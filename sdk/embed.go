// Package sdk holds the browser wallet as it was built, so that Go alone can
// serve it: one ES module that is also its own Worker. Its source is the
// TypeScript in src/; `npm run build -w sdk` makes the file anew.
package sdk

import _ "embed"

// WalletJS is dist/ingam-wallet.js. Serve it as text/javascript from the same
// origin as the page: a Worker can't be started from another one.
//
//go:embed dist/ingam-wallet.js
var WalletJS []byte

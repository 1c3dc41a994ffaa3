/**
 * Joint certificates (공동인증서) in a browser, without a plug-in.
 *
 * {@link Wallet} makes keys, keeps them and signs with them; {@link find} reads
 * what a person picks or drops; the rest shows and checks. The built file is
 * also the Worker in which keys are opened.
 *
 * @packageDocumentation
 */

import { serveInWorker } from './worker/serve'

export { Wallet, type Item, type SignOptions } from './wallet/wallet'
export type { Begin, Unfinished } from './wallet/issue'
export type { Entry } from './wallet/entry'
export { find, type Found } from './wallet/files'
export { readCertificate, type Certificate } from './x509/certificate'
export { passwordProblems, MIN_PASSWORD, type PasswordProblem } from './npki/password'
export { verify, type Signer } from './cms/verify'
export { WalletError, type Code, type Detail } from './error'

serveInWorker()

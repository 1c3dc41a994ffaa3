import { Wallet } from '@ingam/wallet'

let one: Promise<Wallet> | undefined

/** The wallet of this browser. All elements of a page share it. */
export function openWallet(): Promise<Wallet> {
  return (one ??= Wallet.open().catch((e: unknown) => {
    one = undefined // asked again, it may open: another tab may have been in the way
    throw e
  }))
}

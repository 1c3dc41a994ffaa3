import { Wallet } from '@ingam/wallet'

let one: Promise<Wallet> | undefined

/** The wallet of this browser. All elements of a page share it. */
export function openWallet(): Promise<Wallet> {
  return (one ??= Wallet.open().catch((e: unknown) => {
    one = undefined // asked again, it may open: another tab may have been in the way
    throw e
  }))
}

/** Has the page's elements use another wallet than the browser's: for the gallery. */
export function useWallet(wallet: Promise<Wallet>): void {
  wallet.catch(() => undefined) // each that opens it hears of it
  one = wallet
}

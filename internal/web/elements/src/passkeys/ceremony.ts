import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { api, type Api } from '../api'
import { hindrance, type Hindrance } from './ability'

/** One passkey as the service lists it. */
export interface Passkey {
  id: string
  name: string
  createdAt: string
  usedAt?: string
}

/** What the elements of passkeys ask of what is around them. */
export interface PasskeyWorld {
  api: Api
  hindrance: Hindrance | undefined
  register(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown>
  authenticate(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown>
  go(path: string): void
}

interface Options<T> {
  publicKey: T
}

/** Has the browser make a passkey, and the service keep it under a name. `at`: where the service keeps them. */
export async function add(world: PasskeyWorld, name: string, at = '/passkeys'): Promise<Passkey> {
  const { publicKey } = await world.api.post<Options<PublicKeyCredentialCreationOptionsJSON>>(`${at}/options`)
  const response = await world.register(publicKey)
  return world.api.post<Passkey>(at, { name, response })
}

/** Logs in with a passkey of this device or of another one nearby. `at`: where the service takes it. */
export async function logIn(world: PasskeyWorld, at = '/session/passkey'): Promise<void> {
  const o = { anonymous: true }
  const { publicKey } = await world.api.post<Options<PublicKeyCredentialRequestOptionsJSON>>(`${at}/options`, {}, o)
  const response = await world.authenticate(publicKey)
  await world.api.post(at, { response }, o)
}

/** This browser and this service. */
export const passkeyWorld: PasskeyWorld = {
  api,
  hindrance: hindrance({
    hostname: globalThis.location?.hostname ?? '',
    secure: !!globalThis.isSecureContext,
    known: browserSupportsWebAuthn(),
  }),
  register: (optionsJSON) => startRegistration({ optionsJSON }),
  authenticate: (optionsJSON) => startAuthentication({ optionsJSON }),
  go: (path) => location.assign(path),
}

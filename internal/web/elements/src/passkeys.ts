// The page of one's passkeys.
import './passkeys/element'

// The ways to log in that need a script.
import './certificate-login'
import './passkeys/login'

// The console's pages with passkeys: its login, and one's own account.
import './console/passkeys'

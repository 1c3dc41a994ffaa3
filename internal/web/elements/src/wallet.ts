// The page /wallet.
import { keepOffline } from './offline'
import './wallet/element'

void keepOffline()

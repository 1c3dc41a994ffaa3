// The page /sign.
import './sign/element'

// On every page of the console: keys, buttons to copy and to print.
import './copy'
import './print'
import './console/keys'

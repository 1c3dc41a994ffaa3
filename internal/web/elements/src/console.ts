// On every page of the console: keys, buttons to copy and to print, the end of a
// session that nobody uses.
import './copy'
import './print'
import './console/keys'
import './console/queue'
import './console/rows'
import './idle/element'

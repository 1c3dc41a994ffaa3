// On every page: the session's end, buttons to copy and to print.
import './copy'
import './print'
import './idle/element'

// On every page: the session's end, buttons to copy.
import './copy'
import './idle/element'

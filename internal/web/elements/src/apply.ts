// The steps of an application.
import './countdown'
import './finish'
import './issue/element'
import './masked'
import './new-password'
import './photo/element'
import './terms'

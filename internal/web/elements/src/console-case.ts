// The page of a case: what becomes of it, and the camera for cards, besides what
// every page has.
import './console/case'
import './photo/element'

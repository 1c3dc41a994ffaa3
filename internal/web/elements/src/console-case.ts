// The page of a case: the camera for cards, besides what every page has.
import './photo/element'

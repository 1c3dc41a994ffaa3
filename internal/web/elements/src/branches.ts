// The page of branches: the button that sorts them by the device's position.
import './near'

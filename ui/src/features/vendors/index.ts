export { VendorScreen } from "./vendor-screen";
export { VendorsScreen } from "./vendors-screen";

export { FamilyScreen } from "./family-screen";
export { SoftwareScreen } from "./software-screen";

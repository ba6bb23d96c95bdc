export { RestrictionsScreen } from "./restrictions-screen";

export { MachinesScreen } from "./machines-screen";

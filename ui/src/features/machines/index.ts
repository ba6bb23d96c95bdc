export { MachineScreen } from "./machine-screen";
export { MachinesScreen } from "./machines-screen";

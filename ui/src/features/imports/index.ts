export { DropTarget } from "./drop-target";
export { ImportDetailScreen } from "./import-detail-screen";
export { ImportJob } from "./import-job";
export { ImportScreen } from "./import-screen";
export { addFiles } from "./import-store";
export { ImportToasts } from "./import-toasts";
export { ImportsScreen } from "./imports-screen";

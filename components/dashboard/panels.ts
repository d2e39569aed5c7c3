/**
 * The service panel, and the loaders of the other parts. They are in its file because the bundler then leaves out of each
 * part what this file has already: otherwise each would have a copy of the requests, the buttons and the fields.
 */
export { ServicePanel } from '../service/ServicePanel';
export const loadCurlPanel = () => import('../curl/CurlPanel').then((part) => part.CurlPanel);
export const loadDemoPanel = () => import('../demo/DemoPanel').then((part) => part.DemoPanel);
export const loadTables = () => import('../tables/Tables').then((part) => part.Tables);

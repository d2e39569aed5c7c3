export { logResponse } from './log-response';

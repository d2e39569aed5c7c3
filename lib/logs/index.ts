export { logHead, logResponse } from './log-response';

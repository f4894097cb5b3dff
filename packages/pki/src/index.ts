// pki: the certificates of the sandbox and of the webhook.
export {
  type CertificateRequest,
  createCa,
  issueCertificate,
  type KeyPair,
  type PkiContext,
} from './certificates.ts';

/**
 * The root certificate of the demo swarm, as `docker node inspect` shows it. Self-signed for this
 * file; its key was thrown away, and nothing is signed by it.
 */
export const TLS_INFO = {
  TrustRoot: [
    '-----BEGIN CERTIFICATE-----',
    'MIIBfDCCASGgAwIBAgIUKvqdz0RR6lL5TMEFyRzI7SxlC20wCgYIKoZIzj0EAwIw',
    'EzERMA8GA1UEAwwIc3dhcm0tY2EwHhcNMjYxMTIyMTE1ODIzWhcNNDYxMTE3MTE1',
    'ODIzWjATMREwDwYDVQQDDAhzd2FybS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH',
    'A0IABDpXpJhgqlN1a1WO2rBdI+6hNdUwrUWgNLNmnGE/Bg5Fq6Uxp9fBpZl2svxu',
    '6EUWwhaDcw1nfMgSrX5iaDz8PZGjUzBRMB0GA1UdDgQWBBR26FPTT5+eopsdPKiw',
    'KBIPk9uzATAfBgNVHSMEGDAWgBR26FPTT5+eopsdPKiwKBIPk9uzATAPBgNVHRMB',
    'Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDkdZaUFVUVh4vOPCvwtTmjTUYn',
    'BGR66UNc1ZlHaQ/rPAIhAIRWikxI8K6EBlcvFFB5FJIMOErHfFHB2iVoMAVWGq/M',
    '-----END CERTIFICATE-----',
    '',
  ].join('\n'),
  CertIssuerSubject: 'MBMxETAPBgNVBAMTCHN3YXJtLWNh',
  CertIssuerPublicKey:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOlekmGCqU3VrVY7asF0j7qE11TCtRaA0s2acYT8GDkWrpTGn18GlmXay/G7oRRbCFoNzDWd8yBKtfmJoPPw9kQ==',
};

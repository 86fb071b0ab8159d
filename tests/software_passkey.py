"""A software passkey that answers WebAuthn requests as a browser with an authenticator would."""

import hashlib
import json
import secrets

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HOST = "testserver"
EMPTY_AAGUID = bytes(16)
Flag = AuthenticatorData.FLAG


class SoftwarePasskey:
    """An authenticator that reports user verification with every response."""

    def __init__(self, user):
        self.id, self.key = secrets.token_bytes(16), ec.generate_private_key(ec.SECP256R1())
        self.handle = user_pk_to_url_str(user).encode()
        self.row = WebAuthn.add(user, "In software", self._credential()).instance

    def answer(self, options: dict) -> str:
        """The JSON that a browser sends for these request options."""
        client = self._client("webauthn.get", websafe_decode(options["publicKey"]["challenge"]))
        data = AuthenticatorData.create(_host_hash(), Flag.UP | Flag.UV, 0)
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        response["userHandle"] = self.handle
        return json.dumps(self._of(response))

    def _credential(self) -> dict:
        public = AttestedCredentialData.create(
            EMPTY_AAGUID, self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(_host_hash(), Flag.UP | Flag.UV | Flag.AT, 0, public)
        client = self._client("webauthn.create", secrets.token_bytes(16))
        attested = AttestationObject.create("none", data, {})
        return self._of({"clientDataJSON": client, "attestationObject": attested})

    def _of(self, response: dict) -> dict:
        name = websafe_encode(self.id)
        encoded = {key: websafe_encode(bytes(value)) for key, value in response.items()}
        extensions = {"credProps": {"rk": True}}
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": encoded,
            "clientExtensionResults": extensions,
        }

    def _client(self, kind: str, challenge: bytes) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=f"https://{HOST}")


def _host_hash() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()

#!/bin/sh
# Makes the certificates and keys of the TLS tests, for a hundred years. Needs openssl 3 and the JDK's keytool.
# The password of everything that has one is "secret1".
set -eu
cd "$(dirname "$0")"
DAYS=36500
ca() { openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.pem" \
  -days $DAYS -subj "/CN=Runnel test $1" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign; }
# name, key options, alternative names, extended key usage
leaf() {
  openssl req -new -nodes $2 -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
  printf 'subjectAltName=%s\nextendedKeyUsage=%s\nkeyUsage=digitalSignature\n' "$3" "$4" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days $DAYS -extfile "$1.ext" -out "$1.pem"
  rm "$1.csr" "$1.ext"
}
store() { openssl pkcs12 -export -in "$1.pem" -inkey "$1.key" -name "$1" -passout pass:secret1 -out "$1.p12"; }
dated() {
  keytool -genkeypair -alias "$1" -keyalg EC -groupname secp256r1 -dname "CN=$1" -ext SAN=DNS:localhost -startdate "$2" \
    -validity "$3" -storetype PKCS12 -keystore "$1.p12" -storepass secret1
  openssl pkcs12 -in "$1.p12" -passin pass:secret1 -nokeys -out "$1.pem"
  openssl pkcs12 -in "$1.p12" -passin pass:secret1 -nocerts -nodes -out "$1.key"
  rm "$1.p12"
}
EC="-newkey ec -pkeyopt ec_paramgen_curve:P-256"
ca ca
leaf server "$EC" DNS:localhost,IP:127.0.0.1,IP:::1 serverAuth
leaf rsa "-newkey rsa:2048" DNS:localhost,DNS:rsa.example.test serverAuth
leaf wild "$EC" DNS:exact.example.test,DNS:*.wild.test serverAuth
leaf client "$EC" email:ann@example.test clientAuth
ca stranger
cat ca.pem >> server.pem
openssl ec -in server.key -out server.sec1.key
openssl rsa -in rsa.key -traditional -out rsa.pkcs1.key
openssl pkcs8 -topk8 -in rsa.key -v2 aes-256-cbc -passout pass:secret1 -out rsa.encrypted.key
openssl rsa -in rsa.key -traditional -aes128 -passout pass:secret1 -out rsa.md5.key
store server
store client
store stranger
keytool -importkeystore -srckeystore server.p12 -srcstorepass secret1 -destkeystore server.jks -deststoretype JKS \
  -deststorepass secret1
keytool -importcert -noprompt -alias ca -file ca.pem -storetype PKCS12 -keystore trust.p12 -storepass secret1
cp server.p12 two.p12
keytool -importkeystore -srckeystore client.p12 -srcstorepass secret1 -destkeystore two.p12 -deststorepass secret1
dated expired 2020/01/01 10
dated future 2120/01/01 10
rm -f ca.key ca.srl stranger.key stranger.pem

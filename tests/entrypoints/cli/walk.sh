#!/bin/sh
# The whole life of an account by curl: walk.sh URL bearer|cookie PYTHON
set -eu
url=$1 transport=$2 python=$3 auth=/api/v1/auth
here=$(mktemp -d)
trap 'rm -r "$here"' EXIT
ann=ann-$transport@example.com
first='four kites over a quiet harbour' second='five kites over a quiet harbour' third='six kites over a quiet harbour'

# call WHO METHOD PATH STATUS [BODY]: as somebody with a jar of cookies or with tokens; the answer is in $here/body
call() {
    who=$1 method=$2 path=$3 wanted=$4 body=${5-}
    set -- -sS -X "$method" -o "$here/body" -w '%{http_code}' -H "Origin: $url" -b "$here/$who" -c "$here/$who"
    [ -z "$body" ] || set -- "$@" -H 'Content-Type: application/json' -d "$body"
    [ ! -s "$here/$who.access" ] || set -- "$@" -H "Authorization: Bearer $(cat "$here/$who.access")"
    got=$(curl "$@" "$url$path")
    echo "$who $method $path $got"
    [ "$got" = "$wanted" ] || { cat "$here/body" >&2; exit 1; }
}

# field EXPRESSION: of the answer, which is called it
field() { "$python" -c 'import json,sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$here/body" "$1"; }

# keep WHO: carry the session of the answer from now on
keep() {
    [ "$transport" = cookie ] || { field 'it["access_token"]' > "$here/$1.access"; field 'it["refresh_token"]' > "$here/$1.refresh"; }
}

# sign_in WHO PASSWORD
sign_in() {
    rm -f "$here/$1.access" "$here/$1"
    call "$1" POST "$auth/login?transport=$transport" 200 "{\"login\":\"$ann\",\"password\":\"$2\"}"
}

# refresh WHO STATUS
refresh() {
    body='{}'
    [ "$transport" = cookie ] || body="{\"refresh_token\":\"$(cat "$here/$1.refresh")\"}"
    call "$1" POST "$auth/refresh" "$2" "$body"
}

# letter PAGE: the token of the link to a page in the newest letter that has one, once it is there
letter() {
    tries=0
    until curl -sS "$url/dev/mail.json?to=$ann" -o "$here/body" && [ -n "$(tokens "$1")" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || { echo "no letter leads to $1" >&2; exit 1; }
        sleep 0.1
    done
    tokens "$1"
}
tokens() { field "(__import__('re').findall(r'/$1\?token=([\w-]+)', ' '.join(each['text'] for each in it)) + [''])[0]"; }

# code SECRET SECONDS: what an app shows so many seconds from now
code() { "$python" -c 'import pyotp,sys,time; print(pyotp.TOTP(sys.argv[1]).at(time.time() + int(sys.argv[2])))' "$1" "$2"; }

call home POST "$auth/register" 202 "{\"login\":\"$ann\",\"password\":\"$first\"}"
call home POST "$auth/verify-email" 200 "{\"token\":\"$(letter verify-email)\"}"
sign_in home "$first"; keep home
call home GET "$auth/me" 200
[ "$(field 'it["email"], it["verified"]')" = "('$ann', True)" ]
refresh home 200; keep home
call home GET "$auth/me" 200

sign_in away "$first"; keep away
call home GET "$auth/sessions" 200
other=$(field '[each["id"] for each in it["items"] if not each["current"]][0]')
call home DELETE "$auth/sessions/$other" 200
call away GET "$auth/me" 401
refresh away 401

sign_in away "$first"; keep away
call home POST "$auth/change-password" 200 "{\"password\":\"$first\",\"new_password\":\"$second\"}"; keep home
call away GET "$auth/me" 401
call home GET "$auth/me" 200

call away POST "$auth/forgot-password" 202 "{\"login\":\"$ann\"}"
call away POST "$auth/reset-password" 200 "{\"token\":\"$(letter reset-password)\",\"new_password\":\"$third\"}"
call home GET "$auth/me" 401
sign_in home "$third"; keep home

call home POST "$auth/mfa/totp" 200
secret=$(field 'it["secret"]')
call home POST "$auth/mfa/totp/confirm" 200 "{\"code\":\"$(code "$secret" -30)\"}"
[ "$(field 'len(it["codes"])')" = 10 ]
sign_in away "$third"
[ "$(field 'it["status"]')" = second_factor_needed ]
challenge=$(field 'it["challenge"]')
call away POST "$auth/mfa/challenge" 200 "{\"challenge\":\"$challenge\",\"code\":\"$(code "$secret" 0)\"}"; keep away
call away GET "$auth/me" 200

call away DELETE /api/v1/profile 200
call home GET "$auth/me" 401
call away GET "$auth/me" 401
rm -f "$here/home.access" "$here/home"
call home POST "$auth/undo-deletion" 200 "{\"token\":\"$(letter undo-deletion)\"}"
sign_in home "$third"
challenge=$(field 'it["challenge"]')
call home POST "$auth/mfa/challenge" 200 "{\"challenge\":\"$challenge\",\"code\":\"$(code "$secret" 30)\"}"; keep home
call home GET "$auth/me" 200
call home POST "$auth/logout" 200
call home GET "$auth/me" 401
echo whole

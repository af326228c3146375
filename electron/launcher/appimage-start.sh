#!/bin/sh
# Starts the program inside an AppImage. Its sandbox needs user namespaces: inside the mounted image no helper can be setuid. Where
# the system forbids them (AppArmor on Ubuntu 24.04 and later), Electron would only abort; this says what to do.
here=$(dirname "$(readlink -f "$0")")
if ! unshare --user true 2>/dev/null; then
  message="RepMLP Studio cannot start from this AppImage: the system does not allow programs to make user namespaces, which the sandbox of its windows needs. Install the .deb or .rpm package instead, which brings what the sandbox needs; or have an administrator allow them (on Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0)."
  echo "$message" >&2
  if [ -n "$DISPLAY$WAYLAND_DISPLAY" ]; then
    zenity --error --no-markup --text="$message" 2>/dev/null || kdialog --error "$message" 2>/dev/null || xmessage "$message" 2>/dev/null || true
  fi
  exit 1
fi
exec "$here/repmlp-studio.bin" "$@"

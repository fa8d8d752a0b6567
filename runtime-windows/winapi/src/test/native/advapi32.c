/* advapi32.dll: security descriptors from text, of which the shape is checked. */
#include <errno.h>

#include "double.h"

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR text, DWORD revision,
                                                                 PSECURITY_DESCRIPTOR *descriptor,
                                                                 PULONG size);

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(LPCWSTR text, DWORD revision,
                                                                 PSECURITY_DESCRIPTOR *descriptor,
                                                                 PULONG size)
{
    HRESULT fault;
    if (dbl_fault(__func__, DBL_AT_CALL, &fault, NULL)) {
        errno = fault & 0xFFFF;
        return 0;
    }
    char *sddl = dbl_utf8(text);
    int depth = 0;
    bool good =
        revision == 1 && sddl && strlen(sddl) > 2 && strchr("OGDS", sddl[0]) && sddl[1] == ':';
    for (const char *at = sddl; good && *at; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        good = depth == 0 || depth == 1;
    }
    good = good && depth == 0;
    free(sddl);
    if (!good) {
        errno = ERROR_INVALID_ACL; /* as Wine answers, too */
        return 0;
    }
    *descriptor = dbl_heap_take(DBL_LOCAL, sizeof **descriptor);
    (*descriptor)->revision = revision;
    if (size) {
        *size = sizeof **descriptor;
    }
    return 1;
}

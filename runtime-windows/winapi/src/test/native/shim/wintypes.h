/*
 * The types and the calling convention of Windows, as far as the included headers of mingw-w64 use
 * them, on a host whose long has 64 bits. WCHAR has 16 bits by -fshort-wchar.
 */
#ifndef WINTYPES_H
#define WINTYPES_H

#include <stddef.h>
#include <stdint.h>

#define WINAPI
#define CALLBACK
#define VOID void
#define DECLSPEC_IMPORT
#define __C89_NAMELESS __extension__
#define DUMMYUNIONNAME
#define __MSABI_LONG(x) x
#define WINAPI_PARTITION_DESKTOP 1
#define WINAPI_FAMILY_PARTITION(partition) (partition)
#define DECLARE_HANDLE(name)                                                                       \
    struct name##__ {                                                                              \
        int unused;                                                                                \
    };                                                                                             \
    typedef struct name##__ *name
#define DEFINE_ENUM_FLAG_OPERATORS(type)
#define DEFINE_GUID(name, ...) extern const GUID name

typedef int32_t HRESULT, LONG, INT, WINBOOL, BOOL;
typedef uint32_t DWORD, ULONG, UINT, UINT32;
typedef uint16_t USHORT, WORD, UINT16;
typedef uint8_t BYTE, UCHAR;
typedef uint64_t ULONGLONG, UINT64, ULONG64, ULONG_PTR;
typedef wchar_t WCHAR;
typedef const WCHAR *PCWSTR, *LPCWSTR;
typedef WCHAR *PWSTR, *LPWSTR;
typedef void *HANDLE, *PVOID, *LPVOID, *HLOCAL;
typedef const void *LPCVOID;
typedef HANDLE *PHANDLE;
typedef DWORD *LPDWORD;
typedef ULONG *PULONG;
typedef ULONG64 *PULONG64;

typedef struct {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID, *LPGUID;
typedef const GUID *REFGUID;

typedef struct SECURITY_DESCRIPTOR {
    uint32_t revision;
} SECURITY_DESCRIPTOR, *PSECURITY_DESCRIPTOR;
typedef struct SECURITY_ATTRIBUTES *LPSECURITY_ATTRIBUTES;

typedef struct OVERLAPPED {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    DWORD Offset;
    DWORD OffsetHigh;
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

_Static_assert(sizeof(WCHAR) == 2, "build with -fshort-wchar");
_Static_assert(sizeof(OVERLAPPED) == 32 && offsetof(OVERLAPPED, hEvent) == 24, "OVERLAPPED");

#endif

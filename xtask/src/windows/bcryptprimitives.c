/* Stands in for bcryptprimitives.dll where Wine has none (8.0): Rust's standard library imports ProcessPrng from it.
   For tests under Wine only; it is part of no program that is given to anybody. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom, in advapi32 */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    while (length > 0) {
        ULONG piece = length > 0x10000 ? 0x10000 : (ULONG)length;
        if (!SystemFunction036(buffer, piece)) {
            return FALSE;
        }
        buffer += piece;
        length -= piece;
    }
    return TRUE;
}

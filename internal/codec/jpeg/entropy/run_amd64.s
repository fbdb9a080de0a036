#include "textflag.h"
#include "go_asm.h"

// Registers:
//	R8   the bits that come next, from the highest down
//	R9   how many of them count
//	R10  the address of the bytes that follow
//	R11  the table of AC coefficients
//	R12  the block
//	R13  the place of the last coefficient read
//	R15  64 less the bits that the table is indexed by
//	SI   places
//	DI   the entry of the table, for undoing it
// AX, BX, CX and DX are free.

// FILL makes at least 56 bits count.
#define FILL \
	MOVBEQ (R10), BX     \
	SHRXQ  R9, BX, BX    \
	ORQ    BX, R8        \
	MOVQ   $63, CX       \
	SUBQ   R9, CX        \
	SHRQ   $3, CX        \
	ADDQ   CX, R10       \
	ORQ    $56, R9

// PAIR reads what an entry has, one or two coefficients. Where it has one the
// second is stored first, in the same place.
#define PAIR \
	SHRXQ   R15, R8, BX                \
	MOVQ    AC_pairs(R11)(BX*8), DI    \
	SHLXQ   DI, R8, R8                 \
	MOVQ    DI, AX                     \
	MOVBLZX AL, CX                     \
	MOVBLZX AH, DX                     \
	SUBQ    CX, R9                     \
	ADDQ    R13, DX                    \
	SHRQ    $16, AX                    \
	MOVBLZX AL, CX                     \
	MOVBLZX (SI)(DX*1), DX             \
	ADDQ    CX, R13                    \
	SHRQ    $16, AX                    \
	MOVBLZX (SI)(R13*1), BX            \
	MOVL    AX, CX                     \
	SHRL    $16, CX                    \
	MOVW    CX, (R12)(BX*2)            \
	MOVW    AX, (R12)(DX*2)            \
	CMPQ    R13, $63                   \
	JGE     ended

// SKIP passes over as many coefficients as an entry has.
#define SKIP \
	SHRXQ   R15, R8, BX                \
	MOVWLZX AC_skips(R11)(BX*2), AX    \
	SHLXQ   AX, R8, R8                 \
	MOVBLZX AL, CX                     \
	MOVBLZX AH, DX                     \
	SUBQ    CX, R9                     \
	ADDQ    DX, R13                    \
	CMPQ    R13, $63                   \
	JGE     skipEnded

// VALUE puts the value into DX that stands, with as many bits as AX says, at
// the top of DX: figure F.12. It takes BX and CX.
#define VALUE \
	MOVQ  DX, BX     \
	SARQ  $63, BX    \
	NOTQ  BX         \
	SHRQ  $1, DX     \
	MOVL  $63, CX    \
	SUBL  AX, CX     \
	SHRXQ CX, DX, DX \
	MOVQ  $-1, CX    \
	SHLXQ AX, CX, CX \
	INCQ  CX         \
	ANDQ  BX, CX     \
	ADDQ  CX, DX

// func readMCUs(f *frame)
TEXT ·readMCUs(SB), NOSPLIT, $24-8
	MOVQ f+0(FP), DI
	MOVQ frame_places(DI), SI
	MOVQ frame_acc(DI), R8
	MOVQ frame_have(DI), R9
	MOVQ frame_at(DI), R10

mcu:
	MOVQ R10, AX
	SHLQ $3, AX
	SUBQ R9, AX
	CMPQ AX, frame_limit(DI)
	JGE  out
	MOVQ frame_slotCount(DI), CX
	MOVQ CX, slotsLeft-8(SP)
	LEAQ frame_slots(DI), CX
	MOVQ CX, slot-24(SP)

slot:
	FILL
	MOVQ  slot-24(SP), R13
	MOVQ  frameSlot_codes(R13), R11
	MOVQ  R8, BX
	SHRQ  $(64-const_dcBits), BX
	MOVL  DC_look(R11)(BX*4), AX
	TESTL AX, AX
	JZ    longDC
	MOVBLZX AH, CX
	SHLXQ CX, R8, DX
	SHLXQ AX, R8, R8
	MOVBLZX AL, CX
	SUBQ  CX, R9
	SHRL  $16, AX

difference:
	VALUE
	MOVQ    frameSlot_last(R13), CX
	ADDW    (CX), DX
	MOVW    DX, (CX)
	MOVL    DX, dc-16(SP)
	MOVQ    frameSlot_table(R13), R11
	MOVQ    frameSlot_block(R13), R12
	MOVQ    frameSlot_shift(R13), R15
	XORL    R13, R13
	CMPQ    R15, $(64-const_skipBits)
	JEQ     skip
	PAIR
	PAIR
	PAIR

coefficients:
	FILL
	PAIR
	PAIR
	PAIR
	PAIR
	JMP coefficients

skip:
	FILL
	SKIP
	SKIP
	SKIP
	SKIP
	JMP skip

ended:
	LEAQ -const_endOfBlock(R13), BX
	CMPQ BX, $62
	JHI  undo

done:
	MOVL dc-16(SP), AX
	MOVQ slot-24(SP), DX
	MOVQ frameSlot_dc(DX), CX
	MOVW AX, (CX)
	ADDQ frameSlot_dcStep(DX), CX
	MOVQ CX, frameSlot_dc(DX)
	ADDQ frameSlot_blockStep(DX), R12
	MOVQ R12, frameSlot_block(DX)
	ADDQ $frameSlot__size, DX
	MOVQ DX, slot-24(SP)
	DECQ slotsLeft-8(SP)
	JNZ  slot
	MOVQ f+0(FP), DI
	DECQ frame_count(DI)
	JNZ  mcu

out:
	MOVQ R8, frame_acc(DI)
	MOVQ R9, frame_have(DI)
	MOVQ R10, frame_at(DI)
	RET

skipEnded:
	LEAQ -const_endOfBlock(R13), BX
	CMPQ BX, $62
	JLS  done
	SUBQ DX, R13
	CMPL DX, $const_escape
	JEQ  skipEscape
	ADDQ CX, R9
	JMP  one

skipEscape:
	FILL
	MOVQ R8, BX
	SHRQ $(64-const_pairBits), BX
	MOVQ AC_pairs(R11)(BX*8), AX
	JMP  escaped

undo:
	// The entry does not say all, or its first coefficient is the last of the
	// block, or the data are damaged.
	MOVQ    DI, AX
	SHRQ    $16, AX
	MOVBLZX AL, DX
	SUBQ    DX, R13
	CMPL    DX, $const_escape
	JEQ     escape
	MOVQ    DI, AX
	MOVBLZX AL, CX
	ADDQ    CX, R9
	JMP     one

escape:
	FILL
	MOVQ DI, AX

escaped:
	SHRQ $24, AX
	MOVBLZX AL, CX
	SHRQ $8, AX
	JMP  long

one:
	// Read one coefficient, of bits loaded anew.
	LEAQ   7(R9), CX
	SHRQ   $3, CX
	SUBQ   CX, R10
	MOVBEQ (R10), R8
	ADDQ   $8, R10
	MOVQ   R9, CX
	NEGQ   CX
	ANDQ   $7, CX
	SHLXQ  CX, R8, R8
	MOVQ   $64, R9
	SUBQ   CX, R9

	MOVQ R8, BX
	SHRQ $(64-const_pairBits), BX
	MOVQ AC_pairs(R11)(BX*8), AX
	MOVBLZX AH, DX
	MOVQ AX, CX
	SHRQ $24, CX
	MOVBLZX CL, CX
	SHRQ $32, AX
	CMPL DX, $const_escape
	JEQ  long
	SHLXQ CX, R8, R8
	SUBQ CX, R9
	JMP  store

long:
	// CX has the length of the code, AX its symbol, but for CX = 0.
	MOVWLZX AX, AX
	TESTL CX, CX
	JNZ  symbol
	MOVQ R8, AX
	SHRQ $48, AX

length:
	INCL CX
	CMPL CX, $16
	JGT  noCode
	MOVL (AC_codes+codes_limit)(R11)(CX*4), BX
	CMPL AX, BX
	JCC  length
	MOVL $16, BX
	SUBL CX, BX
	SHRXL BX, AX, AX
	ADDL (AC_codes+codes_offset)(R11)(CX*4), AX
	MOVBLZX (AC_codes+codes_values)(R11)(AX*1), AX
	JMP  symbol

noCode:
	MOVQ f+0(FP), DI
	MOVQ $1, frame_damaged(DI)
	XORL AX, AX

symbol:
	SHLXQ CX, R8, R8
	SUBQ CX, R9
	MOVL AX, DX
	SHRL $4, DX
	ANDL $15, AX
	JZ   zeros
	INCL DX
	ADDQ DX, R13
	MOVQ R8, DX
	SHLXQ AX, R8, R8
	SUBQ AX, R9
	VALUE
	MOVL DX, AX
	XORL DX, DX
	JMP  store

zeros:
	CMPL DX, $15
	JEQ  sixteen
	MOVL $const_endOfBlock, DX
	JMP  store

sixteen:
	INCL DX

store:
	// AX has the value, DX the advance.
	ADDQ DX, R13
	CMPQ R13, $63
	JGT  beyond
	MOVBLZX (SI)(R13*1), BX
	MOVW AX, (R12)(BX*2)
	JEQ  done
	CMPQ R15, $(64-const_skipBits)
	JEQ  skip
	JMP  coefficients

beyond:
	CMPQ R13, $const_endOfBlock
	JGE  done
	MOVQ f+0(FP), DI
	MOVQ $1, frame_damaged(DI)
	JMP  done

longDC:
	MOVQ R8, AX
	SHRQ $48, AX
	XORL CX, CX

lengthDC:
	INCL CX
	CMPL CX, $16
	JGT  noCodeDC
	MOVL (DC_codes+codes_limit)(R11)(CX*4), BX
	CMPL AX, BX
	JCC  lengthDC
	MOVL $16, BX
	SUBL CX, BX
	SHRXL BX, AX, AX
	ADDL (DC_codes+codes_offset)(R11)(CX*4), AX
	MOVBLZX (DC_codes+codes_values)(R11)(AX*1), AX
	JMP  symbolDC

noCodeDC:
	MOVQ f+0(FP), DI
	MOVQ $1, frame_damaged(DI)
	XORL AX, AX

symbolDC:
	SHLXQ CX, R8, DX
	SUBQ CX, R9
	SHLXQ AX, DX, R8
	SUBQ AX, R9
	FILL // a long code leaves too little
	JMP  difference
